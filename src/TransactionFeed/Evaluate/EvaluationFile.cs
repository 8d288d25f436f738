using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.Evaluate;

/// <summary>Puts a report and its plot where the user wants them.</summary>
internal static class EvaluationFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static void Write(Evaluation evaluation, EvaluateSettings settings, FeedConsole console)
    {
        if (settings.Plot is { } plot)
        {
            using var file = OutputFile.Create(plot);
            file.Write(Encoding.UTF8.GetBytes(EvaluationSvg.Draw(evaluation)));
        }

        if (settings.Out is not { } path)
        {
            Write(evaluation.Report, settings.Format, console);
            return;
        }

        using var output = OutputFile.Create(path);
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Write(evaluation.Report, settings.Format, console with { Results = FeedConsole.Of(writer) });
    }

    private static void Write(EvaluationReport report, string format, FeedConsole console)
    {
        var output = console.Results.Profile.Out.Writer;
        switch (format)
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(report, Options));
                break;
            case "csv":
                EvaluationCsv.Write(output, report);
                break;
            default:
                EvaluationTable.Print(console.Results, report);
                break;
        }
    }
}
