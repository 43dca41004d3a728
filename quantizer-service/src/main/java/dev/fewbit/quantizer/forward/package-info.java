/**
 * Decoders in fp32, layer by layer as their descriptions have them, over whole sequences: what calibration and fidelity need and a graph does not give, the
 * inputs of every linear with weights that change while it runs. Checked against the logits of the ONNX graph.
 */
package dev.fewbit.quantizer.forward;
