package dev.fewbit.model.decoder;

/** How a decoder tells where a token stands. */
public sealed interface Positions {
    /**
     * The two halves of the first {@code dims} of every head of queries and keys are turned by {@code position * frequencies}; cosines and
     * sines are multiplied by a magnitude.
     *
     * @param dims even; the head's width, or less
     * @param theta base of the frequencies
     * @param scaling how they are changed for longer sequences
     * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
     */
    record Rotary(int dims, double theta, RotaryScaling scaling) implements Positions {
        /** Radians a position for each pair, {@code [dims / 2]}. */
        public float[] frequencies() {
            float[] frequencies = new float[dims / 2];
            for (int i = 0; i < frequencies.length; i++) {
                // Strict: the same bits in every artifact and on every processor.
                float plain = (float) (1 / StrictMath.pow(theta, 2.0 * i / dims));
                frequencies[i] = scaling.frequency(i, plain);
            }
            return frequencies;
        }

        /** What cosines and sines are multiplied by. */
        public float magnitude() {
            return (float) scaling.magnitude();
        }
    }

    /**
     * A vector for each position is added to the embedding.
     *
     * @param weight name of the table {@code [count, hidden]}
     * @param count positions
     */
    record Learned(String weight, int count) implements Positions {}
}
