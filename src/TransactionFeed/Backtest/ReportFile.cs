using System.Text;
using FraudEngine.Trials;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.Backtest;

/// <summary>Puts a report where the user wants it.</summary>
internal static class ReportFile
{
    /// <summary>Writes it to a file, or to standard output where <paramref name="path"/> is null. The format is <c>table</c>, <c>json</c> or <c>csv</c>.</summary>
    public static void Write(TrialReport report, string format, string? path, FeedConsole console)
    {
        if (path is null)
        {
            Write(report, format, console);
            return;
        }

        using var file = OutputFile.Create(path);
        using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Write(report, format, console with { Results = FeedConsole.Of(writer) });
    }

    private static void Write(TrialReport report, string format, FeedConsole console)
    {
        var output = console.Results.Profile.Out.Writer;
        switch (format)
        {
            case "json":
                output.WriteLine(Encoding.UTF8.GetString(TrialReportJson.Write(report, isIndented: true)));
                break;
            case "csv":
                output.Write(TrialReportCsv.Write(report));
                break;
            default:
                ReportPrinter.Print(console.Results, report);
                break;
        }
    }
}
