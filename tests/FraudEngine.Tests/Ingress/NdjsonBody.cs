using System.Globalization;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>The lines in a chunked response, as far as it was received.</summary>
internal static class NdjsonBody
{
    public static string[] LinesOf(string response) => TextOf(response).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static bool IsComplete(string response) => response.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);

    /// <summary>Answers are ASCII in these tests, so that bytes are characters.</summary>
    public static string TextOf(string response)
    {
        var at = response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.StartsWith("HTTP/1.1 200 OK", response, StringComparison.Ordinal);
        var text = new StringBuilder();
        while (response.IndexOf("\r\n", at, StringComparison.Ordinal) is var end && end > at)
        {
            var length = int.Parse(response.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text.Append(response, end + 2, Math.Min(length, response.Length - end - 2));
            at = Math.Min(response.Length, end + 2 + length + 2);
        }

        return text.ToString();
    }
}
