/**
 * A small typed builder of ONNX models over the protocol buffer classes of Tribuo. A model is a graph of kilobytes and
 * one file of weights beside it: tensors are streamed to that file one at a time, 64-byte aligned, and the same calls
 * give the same bytes. Only the operators that our graphs use are here.
 */
package dev.fewbit.model.onnx;
