package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the texts that a recipe names: at the current directory, else at the installation's root.
 *
 * @param root the installation's
 */
record RecipeFiles(Path root) {
    Recipe found(Recipe recipe) {
        Recipe found = recipe;
        CalibrationSpec calibration = recipe.calibration();
        if (recipe.method().calibrated() && calibration.file() != null) {
            found = found.withCalibration(calibration.withFile(find(calibration.file())));
        }
        FidelitySpec fidelity = recipe.fidelity();
        return fidelity == null
                ? found
                : found.withFidelity(new FidelitySpec(find(fidelity.code()), find(fidelity.text())));
    }

    private String find(String path) {
        if (path == null) {
            return null;
        }
        Path here = Path.of("").toAbsolutePath().resolve(path).normalize();
        return (Files.exists(here) ? here : root.resolve(path).normalize()).toString();
    }
}
