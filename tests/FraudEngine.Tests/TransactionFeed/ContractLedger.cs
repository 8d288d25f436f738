using System.Text;
using System.Text.Json;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Decides by the amount, remembers what it said, and holds that every account's transactions came in order.</summary>
public sealed class ContractLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string Transaction), byte[]> _answers = [];
    private readonly List<(string Account, string Transaction)> _order = [];
    private readonly Dictionary<(string Account, string Transaction), bool> _labels = [];
    private readonly List<string> _events = [];

    /// <summary>First sights only, in the order of arrival.</summary>
    public IReadOnlyList<(string Account, string Transaction)> Order
    {
        get
        {
            lock (_lock)
            {
                return [.. _order];
            }
        }
    }

    /// <summary>Transactions as their id, labels as their id and what they say; in the order of arrival, without what was known before.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The text of every line that came, resent ones included.</summary>
    public List<string> Lines { get; } = [];

    public bool KeepsLines { get; set; }

    public (bool IsError, byte[] Answer) Answer(byte[] text, int line)
    {
        lock (_lock)
        {
            if (KeepsLines)
            {
                Lines.Add(Encoding.UTF8.GetString(text));
            }

            try
            {
                using var json = JsonDocument.Parse(text);
                var root = json.RootElement;
                var key = (root.GetProperty("accountId").GetString()!, root.GetProperty("transactionId").GetString()!);
                if (!_answers.TryGetValue(key, out var answer))
                {
                    answer = Decide(key, root.GetProperty("amount").GetDecimal());
                    _answers.Add(key, answer);
                    _order.Add(key);
                    _events.Add(key.Item2);
                }

                return (false, answer);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return (true, Encoding.UTF8.GetBytes($$$"""{"line":{{{line}}},"error":{"title":"Not a transaction","status":400,"detail":"…"}}"""));
            }
        }
    }

    /// <summary>The answer to a label.</summary>
    public (bool IsError, byte[] Answer) AnswerLabel(byte[] text, int line)
    {
        lock (_lock)
        {
            using var json = JsonDocument.Parse(text);
            var key = (json.RootElement.GetProperty("accountId").GetString()!, json.RootElement.GetProperty("transactionId").GetString()!);
            var isFraud = json.RootElement.GetProperty("fraud").GetBoolean();
            if (!_answers.ContainsKey(key))
            {
                return (true, Encoding.UTF8.GetBytes($$$"""{"line":{{{line}}},"error":{"title":"Unknown transaction","status":404,"detail":"…"}}"""));
            }

            var isChanged = !_labels.TryGetValue(key, out var known) || known != isFraud;
            _labels[key] = isFraud;
            if (isChanged)
            {
                _events.Add($"{key.Item2} {(isFraud ? "fraud" : "genuine")}");
            }

            return (false, Encoding.UTF8.GetBytes($$"""{"transactionId":"{{key.Item2}}","accountId":"{{key.Item1}}","fraud":{{(isFraud ? "true" : "false")}},"changed":{{(isChanged ? "true" : "false")}}}"""));
        }
    }

    private static byte[] Decide((string Account, string Transaction) key, decimal amount)
    {
        var (outcome, score, reasons) = amount switch
        {
            > 500 => ("decline", "0.95", """{"rule":"large","text":"A large amount"},{"rule":"very-large","text":"Very"}"""),
            > 100 => ("review", "0.5", """{"rule":"large","text":"A large amount"}"""),
            _ => ("approve", "0", ""),
        };
        var alert = outcome == "decline" ? $",\"alertId\":\"al-{key.Transaction}\"" : "";
        return Encoding.UTF8.GetBytes(
            $$"""{"transactionId":"{{key.Transaction}}","accountId":"{{key.Account}}","outcome":"{{outcome}}","score":{{score}},"reasons":[{{reasons}}],"ruleSet":"test@1","new":{"a":[1]}{{alert}}}""");
    }
}
