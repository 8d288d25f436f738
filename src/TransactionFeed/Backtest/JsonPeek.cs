using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Trials;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Backtest;

/// <summary>Finds in a line of NDJSON whose transaction it is and what it turned out to be, without looking at anything else.</summary>
internal sealed class JsonPeek
{
    // Whatever the engine can read is to be found.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = TransactionReader.TextBytesMax };

    private readonly byte[] _unescaped = new byte[TransactionReader.TextBytesMax];

    /// <summary>The account's id; empty where the line has none. Throws, with a line for the user, where the label is none.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> line, string place, out Label label)
    {
        label = Label.None;
        ReadOnlySpan<byte> account = [];
        var json = new Utf8JsonReader(line, Options);
        try
        {
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                {
                    continue;
                }

                var isAccount = json.ValueTextEquals("accountId"u8);
                var isLabel = !isAccount && json.ValueTextEquals("fraud"u8);
                json.Read();
                if (isAccount && json.TokenType == JsonTokenType.String)
                {
                    account = json.ValueIsEscaped ? _unescaped.AsSpan(0, json.CopyString(_unescaped)) : json.ValueSpan;
                }
                else if (isLabel && json.TokenType != JsonTokenType.Null && !LabelText.TryRead(json.ValueSpan, out label))
                {
                    throw FeedException.Failed($"{place}: {LabelText.Field} must be true, false, 1 or 0.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It is no transaction, as its partition will find.
        }

        return account;
    }
}
