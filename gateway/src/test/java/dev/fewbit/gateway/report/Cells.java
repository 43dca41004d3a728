package dev.fewbit.gateway.report;

import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.study.ReportCell;

/** Cells of a report, as tests write them. */
final class Cells {
    private Cells() {}

    static ReportCell cell(ProgramLanguage language, int bits, double passAt1, double half, long stored) {
        return cell("tiny", language, bits, passAt1, half, stored);
    }

    static ReportCell cell(String model, ProgramLanguage language, int bits, double passAt1, double half, long stored) {
        return new ReportCell(
                model,
                bits,
                bits == 16 ? Method.NONE : Method.RTN,
                null,
                language,
                "small",
                150,
                3,
                passAt1,
                passAt1 - half,
                passAt1 + half,
                stored,
                stored * 2,
                stored / 2,
                bits == 16 ? 0.8 : 2.5,
                75.4,
                false,
                null);
    }

    /** The same artifact's size, of another method. */
    static ReportCell calibrated(ReportCell cell, Method method, String calibration, double passAt1) {
        double half = cell.passAt1High() - cell.passAt1();
        return new ReportCell(
                cell.model(),
                cell.bits(),
                method,
                calibration,
                cell.language(),
                cell.benchmark(),
                cell.problems(),
                cell.samplesPerProblem(),
                passAt1,
                passAt1 - half,
                passAt1 + half,
                cell.storedBytes(),
                cell.residentBytes(),
                cell.idealBytes(),
                cell.quantizeSeconds(),
                cell.evaluateSeconds(),
                cell.reused(),
                cell.cost());
    }

    static ReportCell costing(ReportCell cell, GenerationCost cost) {
        return new ReportCell(
                cell.model(),
                cell.bits(),
                cell.method(),
                cell.calibration(),
                cell.language(),
                cell.benchmark(),
                cell.problems(),
                cell.samplesPerProblem(),
                cell.passAt1(),
                cell.passAt1Low(),
                cell.passAt1High(),
                cell.storedBytes(),
                cell.residentBytes(),
                cell.idealBytes(),
                cell.quantizeSeconds(),
                cell.evaluateSeconds(),
                cell.reused(),
                cost,
                cell.stated());
    }

    /** A model of the same name that somebody else made and serves. */
    static ReportCell served(ReportCell cell, String method) {
        return new ReportCell(
                cell.model(),
                cell.bits(),
                method,
                null,
                cell.language(),
                cell.benchmark(),
                cell.problems(),
                cell.samplesPerProblem(),
                cell.passAt1(),
                cell.passAt1Low(),
                cell.passAt1High(),
                cell.storedBytes(),
                null,
                null,
                0,
                cell.evaluateSeconds(),
                cell.reused(),
                null,
                true);
    }
}
