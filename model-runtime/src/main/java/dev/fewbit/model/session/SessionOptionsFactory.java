package dev.fewbit.model.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;

/** The options of our sessions. */
final class SessionOptionsFactory {
    private SessionOptionsFactory() {}

    /**
     * @param weights directory of the weights file: a model that comes as bytes does not know where it lay
     */
    static OrtSession.SessionOptions create(SessionSettings settings, Path weights) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(1);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.addConfigEntry("session.intra_op.allow_spinning", settings.waiting() == ThreadWaiting.SPIN ? "1" : "0");
        options.addConfigEntry(
                "session.model_external_initializers_file_folder_path",
                weights.toAbsolutePath().toString());
        return options;
    }
}
