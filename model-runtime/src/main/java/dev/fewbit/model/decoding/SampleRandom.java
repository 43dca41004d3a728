package dev.fewbit.model.decoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The random numbers of one sample: SplitMix64 from the first eight bytes of SHA-256(seed, index, problem), one number a
 * token. So they depend on these three alone, whatever else is drawn at the same time.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number
 *     generators</a>
 */
final class SampleRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final int UNUSED_BITS = Long.SIZE - 53;

    private long state;

    SampleRandom(long seed, String problem, int index) {
        byte[] name = problem.getBytes(StandardCharsets.UTF_8);
        ByteBuffer identity = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length)
                .putLong(seed)
                .putInt(index)
                .put(name);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.array());
            state = ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The next number, in [0, 1), a multiple of 2^-53. */
    double next() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z = z ^ (z >>> 31);
        return (z >>> UNUSED_BITS) * 0x1.0p-53;
    }
}
