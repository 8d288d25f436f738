using System.Text.Encodings.Web;
using System.Text.Json;

namespace FraudEngine.Trials;

/// <summary>A report as JSON, and back.</summary>
public static class TrialReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    /// <summary>One line of UTF-8, or many for people to read.</summary>
    public static byte[] Write(TrialReport report, bool isIndented = false) => JsonSerializer.SerializeToUtf8Bytes(report, isIndented ? Indented : Options);

    public static void Write(Utf8JsonWriter json, TrialReport report) => JsonSerializer.Serialize(json, report, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static TrialReport Read(JsonElement json) => json.Deserialize<TrialReport>(Options) ?? throw new JsonException("A report is an object.");
}
