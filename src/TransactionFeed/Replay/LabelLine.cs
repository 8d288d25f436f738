using System.Buffers;
using System.Text.Json;
using TransactionFeed.Input;
using TransactionFeed.Labels;

namespace TransactionFeed.Replay;

/// <summary>A label as a line of a lane.</summary>
internal static class LabelLine
{
    public static TransactionRecord Of(DueLabel label)
    {
        var line = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("transactionId", label.TransactionId);
            json.WriteString("accountId", label.AccountId);
            json.WriteBoolean("fraud", label.IsFraud);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return new TransactionRecord { TransactionId = label.TransactionId, AccountId = label.AccountId, Payload = line.WrittenSpan.ToArray() };
    }
}
