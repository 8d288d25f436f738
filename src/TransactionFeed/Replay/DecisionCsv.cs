using System.Buffers;
using System.Text;
using TransactionFeed.Input;

namespace TransactionFeed.Replay;

/// <summary>Rows of the decisions file: a function of the answers only, so that two runs can be compared byte by byte.</summary>
internal static class DecisionCsv
{
    public const string Header = "transactionId,accountId,outcome,score,reasons,ruleSet,alertId,error\n";

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private static readonly SearchValues<byte> NeedsQuotesUtf8 = SearchValues.Create(",\"\r\n"u8);

    public static byte[] Row(TransactionRecord record, Answer answer) =>
        answer.IsError ? ErrorRow(record, answer.ErrorTitle) : Row(
            record.TransactionId, record.AccountId, answer.Outcome, answer.Score, answer.Reasons, answer.RuleSet, answer.AlertId, "");

    public static byte[] ErrorRow(TransactionRecord record, string error) => Row(record.TransactionId, record.AccountId, "", "", "", "", "", error);

    /// <summary>One row by RFC 4180, with a line feed alone as its end.</summary>
    public static byte[] Row(params ReadOnlySpan<string> fields)
    {
        var row = new StringBuilder(128);
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                row.Append(',');
            }

            Append(row, fields[i]);
        }

        return Encoding.UTF8.GetBytes(row.Append('\n').ToString());
    }

    /// <summary>One field, as UTF-8, quoted where it must be.</summary>
    public static void WriteField(IBufferWriter<byte> output, ReadOnlySpan<byte> field)
    {
        if (field.IndexOfAny(NeedsQuotesUtf8) < 0)
        {
            output.Write(field);
            return;
        }

        var quoted = new StringBuilder();
        Append(quoted, Encoding.UTF8.GetString(field));
        output.Write(Encoding.UTF8.GetBytes(quoted.ToString()));
    }

    /// <summary>The rest of a row behind the two ids, where there is no decision.</summary>
    public static void WriteError(IBufferWriter<byte> output, string error)
    {
        output.Write(",,,,,,"u8);
        WriteField(output, Encoding.UTF8.GetBytes(error));
        output.Write("\n"u8);
    }

    private static void Append(StringBuilder row, string field)
    {
        if (field.AsSpan().IndexOfAny(NeedsQuotes) < 0)
        {
            row.Append(field);
            return;
        }

        row.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
