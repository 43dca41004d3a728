package dev.fewbit.quantizer.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.artifact.TextFidelity;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NextTokensTest {
    @Test
    void shouldGiveTheDefinitionsValuesWhenVocabularyIsSmall() {
        // Given: p = (1/2, 1/4, 1/4), q = (1/4, 1/2, 1/4); then p = q
        NextTokens first = new NextTokens(1);
        first.add(logarithms(2, 1, 1), logarithms(1, 2, 1), 1);
        NextTokens second = new NextTokens(1);
        second.add(logarithms(1, 1, 6), logarithms(1, 1, 6), 2);

        // When
        TextFidelity fidelity = NextTokens.together(List.of(first, second));

        // Then: KL = 1/2 ln 2 - 1/4 ln 2 = 0.173287, and 0
        assertThat(fidelity.klMean()).isEqualTo(0.086643);
        assertThat(fidelity.klP99()).isEqualTo(0.17329);
        assertThat(fidelity.top1Agreement()).isEqualTo(0.5);
        // exp of the mean of ln 2 and ln 4/3; of ln 4 and ln 4/3
        assertThat(fidelity.perplexity()).isEqualTo(1.6330);
        assertThat(fidelity.referencePerplexity()).isEqualTo(2.3094);
        assertThat(fidelity.tokens()).isEqualTo(2);
    }

    @Test
    void shouldAgreeWithFp64WhenVocabularyIsLargeAndOdd() {
        // Given
        SplittableRandom random = new SplittableRandom(11);
        float[] a = new float[2053];
        float[] b = new float[2053];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextDouble(-20, 20);
            b[i] = (float) (a[i] + random.nextDouble(-0.5, 0.5));
        }
        double sumA = 0;
        double sumB = 0;
        for (int i = 0; i < a.length; i++) {
            sumA += Math.exp(a[i]);
            sumB += Math.exp(b[i]);
        }
        double expected = 0;
        for (int i = 0; i < a.length; i++) {
            double p = Math.exp(a[i]) / sumA;
            expected += p * (Math.log(p) - Math.log(Math.exp(b[i]) / sumB));
        }

        // When
        NextTokens tokens = new NextTokens(1);
        tokens.add(a.clone(), b.clone(), 0);

        // Then
        assertThat(NextTokens.together(List.of(tokens)).klMean()).isCloseTo(expected, within(expected * 1e-4));
    }

    private static float[] logarithms(double... weights) {
        float[] logits = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            logits[i] = (float) Math.log(weights[i]);
        }
        return logits;
    }
}
