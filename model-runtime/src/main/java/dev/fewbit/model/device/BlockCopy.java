package dev.fewbit.model.device;

/**
 * Equal pieces of memory, {@code layers} times {@code rows} of them, copied from one place to another of the same layout.
 *
 * @param from address of the first piece
 * @param to address that it goes to; sources and targets do not overlap
 * @param bytes of a piece
 * @param rowStride bytes from a piece to the next of its layer
 * @param rows pieces of a layer
 * @param layerStride bytes from a layer to the next, a multiple of {@code rowStride}
 * @param layers of pieces
 */
public record BlockCopy(long from, long to, long bytes, long rowStride, long rows, long layerStride, long layers) {
    public BlockCopy {
        if (bytes > rowStride || layerStride % rowStride != 0) {
            throw new IllegalArgumentException("pieces of " + bytes + " bytes every " + rowStride + " and "
                    + layerStride + ": they must fit, and the second be a multiple of the first");
        }
    }
}
