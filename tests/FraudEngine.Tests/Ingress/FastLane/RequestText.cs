using System.Text;
using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Requests and answers as text.</summary>
internal static partial class RequestText
{
    public static string Plain(string json, string more = "") => Of("POST /v1/transactions HTTP/1.1", json, more);

    public static string Of(string line, string body, string more = "") =>
        $"{line}\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n{body}";

    public static string Chunked(string body) =>
        $"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n";

    public static string WithoutDates(string answers) => Date().Replace(answers, "Date: …\r");

    public static int CountAnswers(string received) => Answer().Count(received);

    [GeneratedRegex(@"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r")]
    private static partial Regex Date();

    [GeneratedRegex("HTTP/1.1 200 OK\r\n.*?\r\n\r\n\\{[^\r]*?@7\"\\}", RegexOptions.Singleline)]
    private static partial Regex Answer();
}
