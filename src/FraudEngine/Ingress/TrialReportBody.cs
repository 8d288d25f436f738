using System.Text.Json;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary>A trial's report in an answer.</summary>
internal static class TrialReportBody
{
    public static bool WantsCsv(HttpContext context) => context.Request.Headers.Accept.ToString().Contains("csv", StringComparison.OrdinalIgnoreCase);

    public static Task WriteCsv(HttpContext context, TrialReport report)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        return context.Response.WriteAsync(TrialReportCsv.Write(report));
    }

    public static void Write(Utf8JsonWriter json, TrialReport? report)
    {
        if (report is null)
        {
            json.WriteNullValue();
        }
        else
        {
            TrialReportJson.Write(json, report);
        }
    }
}
