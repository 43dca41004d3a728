package dev.fewbit.model.decoder;

import java.util.List;

/** How rotary frequencies are changed so that a model reads longer sequences than it first learned. */
public sealed interface RotaryScaling {
    /** The frequency of pair {@code index} in the place of the plain one. */
    float frequency(int index, float plain);

    /** What cosines and sines are multiplied by. */
    default double magnitude() {
        return 1;
    }

    /** Not at all. */
    record None() implements RotaryScaling {
        @Override
        public float frequency(int index, float plain) {
            return plain;
        }
    }

    /**
     * Positions are divided.
     *
     * @param factor divides
     */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public float frequency(int index, float plain) {
            return plain / (float) factor;
        }
    }

    /**
     * Long waves are stretched, short ones left alone, those between blended.
     *
     * @param factor of the stretching
     * @param lowFactor {@code original / lowFactor}: the wave from which on all is stretched
     * @param highFactor {@code original / highFactor}: the wave up to which nothing is
     * @param original longest sequence first learned
     */
    record Llama3(double factor, double lowFactor, double highFactor, int original) implements RotaryScaling {
        @Override
        public float frequency(int index, float plain) {
            double wave = 2 * Math.PI / plain;
            if (wave < original / highFactor) {
                return plain;
            }
            if (wave > original / lowFactor) {
                return (float) (plain / factor);
            }
            double smooth = (original / wave - lowFactor) / (highFactor - lowFactor);
            return (float) ((1 - smooth) * plain / factor + smooth * plain);
        }
    }

    /**
     * LongRoPE up to the length first learned: a divisor for each pair. For longer sequences the model changes to other divisors in the middle of a
     * sequence, keys that are already cached included; that is not built, and sequences end where it would begin.
     *
     * @param divisors for each pair
     * @param magnitude of cosines and sines
     * @param original longest sequence first learned
     * @see <a href="https://arxiv.org/abs/2402.13753">Ding et al. 2024</a>
     */
    record LongRope(List<Double> divisors, double magnitude, int original) implements RotaryScaling {
        public LongRope {
            divisors = List.copyOf(divisors);
        }

        @Override
        public float frequency(int index, float plain) {
            return plain / divisors.get(index).floatValue();
        }
    }
}
