using System.Buffers;
using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Trials;
using TransactionFeed.Replay;

namespace TransactionFeed.Features;

/// <summary>A row per transaction: ids, event time, label, and each feature by its name; an empty cell where one is missing.</summary>
internal static class FeatureCsv
{
    public static byte[] Header(IEnumerable<string> features) => DecisionCsv.Row([.. (string[])["transactionId", "accountId", "timestamp", "fraud"], .. features]);

    public static void Write(IBufferWriter<byte> output, Transaction transaction, Label label, ReadOnlySpan<double> features)
    {
        DecisionCsv.WriteField(output, transaction.TransactionId);
        output.Write(","u8);
        DecisionCsv.WriteField(output, transaction.AccountId);
        output.Write(","u8);
        output.Write(Encoding.ASCII.GetBytes(TimestampText.Format(transaction.TimestampTicks)));
        output.Write(label switch
        {
            Label.None => ","u8,
            Label.Fraud => ",1"u8,
            Label.Genuine => ",0"u8,
        });
        foreach (var feature in features)
        {
            output.Write(","u8);
            if (!double.IsNaN(feature))
            {
                feature.TryFormat(output.GetSpan(32), out var length, "R", CultureInfo.InvariantCulture);
                output.Advance(length);
            }
        }

        output.Write("\n"u8);
    }
}
