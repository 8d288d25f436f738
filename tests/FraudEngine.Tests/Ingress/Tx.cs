using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>Transactions as JSON text, so that a test can write what no serializer would.</summary>
public static class Tx
{
    public const string Time = "2026-06-01T10:00:00Z";

    private static int _next;

    /// <summary>An account that no other test uses.</summary>
    public static string NewAccount() => $"account-{Interlocked.Increment(ref _next)}";

    /// <summary>A valid transaction with some fields set to JSON values as they are; one that is null is left out.</summary>
    public static string Json(string account, string id, params (string Name, string? Value)[] fields)
    {
        var all = new List<(string Name, string? Value)>
        {
            ("transactionId", $"\"{id}\""), ("accountId", $"\"{account}\""), ("timestamp", $"\"{Time}\""), ("amount", "12.5"),
        };
        foreach (var field in fields)
        {
            var at = all.FindIndex(known => known.Name == field.Name);
            if (at < 0)
            {
                all.Add(field);
            }
            else
            {
                all[at] = field;
            }
        }

        return "{" + string.Join(",", all.Where(field => field.Value is not null).Select(field => $"\"{field.Name}\":{field.Value}")) + "}";
    }

    public static string With(string name, string? value) => Json(NewAccount(), "t", (name, value));

    /// <summary>The answer where no rule hits.</summary>
    public static string Approved(string account, string id) =>
        $$"""{"transactionId":"{{id}}","accountId":"{{account}}","outcome":"approve","score":0,"reasons":[],"ruleSet":"contract@7"}""";

    /// <summary>A transaction of exactly so many bytes, the rest of them in a field that the contract does not have.</summary>
    public static string OfLength(int bytes)
    {
        var json = With("note", "\"\"");
        return json.Replace("\"note\":\"\"", $"\"note\":\"{new string('x', bytes - Encoding.UTF8.GetByteCount(json))}\"", StringComparison.Ordinal);
    }
}
