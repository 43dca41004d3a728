package dev.fewbit.gateway.report;

import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.study.ReportCell;
import java.util.Locale;

/**
 * What generating a cell's samples took, as text for a reader; what was not measured says so.
 *
 * @param benchmark heading of its pass@1 column
 */
public record CostRow(
        String model,
        int bits,
        String method,
        String benchmark,
        String gpu,
        String processors,
        String perThousandTokens,
        String co2e,
        String host,
        String device) {
    private static final String NOT_MEASURED = "not measured";
    private static final double WHOLE_FROM = 100;

    static CostRow of(ReportCell cell, String benchmark) {
        GenerationCost cost = cell.cost();
        return new CostRow(
                cell.model(),
                cell.bits(),
                cell.method(),
                benchmark,
                number(cost.gpuJoules()),
                number(cost.cpuJoules()),
                number(cost.joulesPer1000Tokens()),
                cost.gridIntensity() == null && cost.joulesPer1000Tokens() != null
                        ? "no grid intensity"
                        : number(cost.gramsCo2e()),
                bytes(cost.peakHostBytes()),
                bytes(cost.peakDeviceBytes()));
    }

    private static String number(Double value) {
        return value == null ? NOT_MEASURED : String.format(Locale.ROOT, value < WHOLE_FROM ? "%.2f" : "%,.0f", value);
    }

    private static String bytes(Long value) {
        return value == null ? NOT_MEASURED : ReportView.bytes(value);
    }
}
