package dev.fewbit.quantizer.training.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.Rotary;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import org.junit.jupiter.api.Test;

/** What goes back through a decoder layer. */
class TrainingKernelsIT extends KernelsOnGpu {
    @Test
    void shouldGoBackThroughANorm() {
        // Given: rows that are no multiple of what a block takes
        Matrix x = random(13, 300);
        Matrix gain = random(1, 300);
        Matrix dy = random(13, 300);
        Matrix dx = random(13, 300);
        DeviceMatrix sum = upload(dx);

        // When
        kernels.normBack(upload(x), upload(gain), upload(dy), sum, EPSILON);

        // Then
        double[][] expected = new double[13][300];
        for (int row = 0; row < 13; row++) {
            double squares = 0;
            double dot = 0;
            for (int i = 0; i < 300; i++) {
                squares += Math.pow(x.get(row, i), 2);
                dot += (double) gain.get(0, i) * dy.get(row, i) * x.get(row, i);
            }
            double f = 1 / Math.sqrt(squares / 300 + EPSILON);
            for (int i = 0; i < 300; i++) {
                expected[row][i] =
                        dx.get(row, i) + f * gain.get(0, i) * dy.get(row, i) - x.get(row, i) * f * f * f / 300 * dot;
            }
        }
        assertClose(sum, expected);
    }

    @Test
    void shouldGoBackThroughACausalSoftmax() {
        // Given: 3 heads of 70 queries
        Matrix p = random(210, 70);
        Matrix d = random(210, 70);
        DeviceMatrix gradients = upload(d);

        // When
        kernels.softmaxBack(upload(p), gradients, 70);

        // Then
        double[][] expected = new double[210][70];
        for (int row = 0; row < 210; row++) {
            double dot = 0;
            for (int i = 0; i <= row % 70; i++) {
                dot += (double) p.get(row, i) * d.get(row, i);
            }
            for (int i = 0; i <= row % 70; i++) {
                expected[row][i] = p.get(row, i) * (d.get(row, i) - dot);
            }
        }
        assertClose(gradients, expected);
    }

    @Test
    void shouldGoBackThroughSwiGlu() {
        // Given
        Matrix gate = random(5, 130);
        Matrix up = random(5, 130);
        Matrix dy = random(5, 130);
        DeviceMatrix dgate = arena.matrix(5, 130);
        DeviceMatrix dup = arena.matrix(5, 130);

        // When
        kernels.swiGluBack(upload(gate), upload(up), upload(dy), dgate, dup);

        // Then
        double[][] gates = new double[5][130];
        double[][] ups = new double[5][130];
        for (int row = 0; row < 5; row++) {
            for (int i = 0; i < 130; i++) {
                double g = gate.get(row, i);
                double sigmoid = 1 / (1 + Math.exp(-g));
                gates[row][i] = dy.get(row, i) * up.get(row, i) * sigmoid * (1 + g * (1 - sigmoid));
                ups[row][i] = dy.get(row, i) * g * sigmoid;
            }
        }
        assertClose(dgate, gates);
        assertClose(dup, ups);
    }

    @Test
    void shouldTurnAndSplitHeadsAndPutThemBack() {
        // Given: 2 windows of 5 positions, 3 heads of 16
        Rotary rotary = Rotary.of(arena, config(), 5);
        Matrix x = random(10, 48);
        DeviceMatrix split = arena.matrix(10, 48);
        DeviceMatrix back = arena.matrix(10, 48);

        // When
        kernels.split(upload(x), split, rotary, 3, true);
        kernels.join(split, back, rotary, 3, true);

        // Then
        Matrix found = download(split);
        RotaryPositions positions = new RotaryPositions(config(), 5);
        for (int window = 0; window < 2; window++) {
            Matrix turned = x.rows(window * 5, 5).copy(host);
            positions.rotate(turned, 3);
            for (int head = 0; head < 3; head++) {
                for (int position = 0; position < 5; position++) {
                    for (int i = 0; i < 16; i++) {
                        int at = ((window * 3 + head) * 5 + position) * 16 + i;
                        assertThat(found.get(at / 48, at % 48))
                                .isCloseTo(turned.get(position, head * 16 + i), within(1e-6f));
                    }
                }
            }
        }
        assertClose(back, elements(x));
    }

    @Test
    void shouldAttendToWhatWasKept() {
        // Given: 2 windows, 4 query heads that share 2 keys, 6 positions seen of 9, heads of 40
        Matrix q = random(2, 160);
        Matrix k = random(36, 40);
        Matrix v = random(36, 40);
        DeviceMatrix output = arena.matrix(2, 160);

        // When
        kernels.attendOne(upload(q), upload(k), upload(v), arena.matrix(8, 9), output, 6, 2, 40);

        // Then
        double[][] expected = new double[2][160];
        for (int window = 0; window < 2; window++) {
            for (int head = 0; head < 4; head++) {
                int first = (window * 2 + head / 2) * 9;
                double[] weights = new double[6];
                double sum = 0;
                for (int position = 0; position < 6; position++) {
                    double dot = 0;
                    for (int i = 0; i < 40; i++) {
                        dot += (double) q.get(window, head * 40 + i) * k.get(first + position, i);
                    }
                    weights[position] = Math.exp(dot / Math.sqrt(40));
                    sum += weights[position];
                }
                for (int i = 0; i < 40; i++) {
                    for (int position = 0; position < 6; position++) {
                        expected[window][head * 40 + i] += weights[position] / sum * v.get(first + position, i);
                    }
                }
            }
        }
        assertClose(output, expected);
    }
}
