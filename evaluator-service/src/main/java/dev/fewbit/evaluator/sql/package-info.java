/** Native SQL under JPA, with the casts in one place. */
package dev.fewbit.evaluator.sql;
