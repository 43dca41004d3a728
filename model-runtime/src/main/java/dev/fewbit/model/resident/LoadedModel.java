package dev.fewbit.model.resident;

import dev.fewbit.model.fused.FusedOperators;
import dev.fewbit.model.ort.NativeSession;
import java.util.Optional;

/**
 * A session on a device.
 *
 * @param operators kernels of our own that it calls, which outlive it
 */
record LoadedModel(NativeSession session, Optional<FusedOperators> operators) implements AutoCloseable {
    @Override
    public void close() {
        session.close();
        operators.ifPresent(FusedOperators::close);
    }
}
