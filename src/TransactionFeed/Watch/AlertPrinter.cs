using System.Globalization;
using Spectre.Console;
using TransactionFeed.Reports;

namespace TransactionFeed.Watch;

/// <summary>Prints an alert: a line with what happened, and a line per reason, or what the customer is told where there is none.</summary>
internal static class AlertPrinter
{
    public static void Print(FeedConsole console, Alert alert)
    {
        var colour = alert.Outcome switch
        {
            "decline" => "red",
            "review" => "yellow",
            _ => "default",
        };
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{alert.Timestamp}  {alert.AccountId}  {alert.Amount} {alert.Currency}  transaction {alert.TransactionId}  score {alert.Score}  alert {alert.AlertId}");
        var results = console.Results;
        results.MarkupLine($"[{colour}]{Markup.Escape(alert.Outcome.PadRight(7))}[/]  {Markup.Escape(head)}");
        if (alert.Text.Length > 0 && alert.Reasons.Count == 0)
        {
            results.WriteLine("         " + alert.Text);
        }

        foreach (var reason in alert.Reasons)
        {
            results.WriteLine("         - " + reason);
        }
    }
}
