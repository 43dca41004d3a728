/** How a checkpoint's weights are rounded: the recipe of an artifact. */
package dev.fewbit.contracts.recipe;
