/**
 * The report of a study: its finished cells, one sentence computed from them, and where every number comes from. As JSON it is
 * the contract's {@code StudyReport}; as HTML it is the same report in one file that needs no network and no script.
 */
package dev.fewbit.gateway.report;
