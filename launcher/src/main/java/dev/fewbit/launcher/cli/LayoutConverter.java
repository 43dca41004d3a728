package dev.fewbit.launcher.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a layout. */
final class LayoutConverter implements ITypeConverter<ExportCommand.Layout> {
    @Override
    public ExportCommand.Layout convert(String value) {
        for (ExportCommand.Layout layout : ExportCommand.Layout.values()) {
            if (layout.toString().equals(value)) {
                return layout;
            }
        }
        throw new TypeConversionException("layout is " + value + "; allowed: 4bit");
    }
}
