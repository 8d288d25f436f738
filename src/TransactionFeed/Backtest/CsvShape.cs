using System.Text;
using FraudEngine.Domain;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace TransactionFeed.Backtest;

/// <summary>What the columns of a CSV file are.</summary>
internal sealed class CsvShape
{
    private CsvShape(string file, bool isHandbook, TransactionField[] fields, int fraud)
    {
        File = file;
        IsHandbook = isHandbook;
        Fields = fields;
        Account = Array.IndexOf(fields, TransactionField.AccountId);
        TransactionId = Array.IndexOf(fields, TransactionField.TransactionId);
        Fraud = fraud;
    }

    public string File { get; }

    public bool IsHandbook { get; }

    /// <summary>The field of each column; None for one that is not part of a transaction.</summary>
    public TransactionField[] Fields { get; }

    /// <summary>The columns of the account's and the transaction's id.</summary>
    public int Account { get; }

    public int TransactionId { get; }

    /// <summary>The column that says whether it was fraud; -1 where there is none.</summary>
    public int Fraud { get; }

    /// <summary>Throws, with a line for the user, where a required column is missing.</summary>
    public static CsvShape Of(string file, ReadOnlySpan<byte> header, bool isHandbook, bool areLabels)
    {
        var cells = new CsvCells();
        cells.Split(header);
        string[] names = [.. Enumerable.Range(0, cells.Count).Select(i => Encoding.UTF8.GetString(cells[i]).Trim())];
        var columns = CsvColumn.Of(names, isHandbook ? InputFormat.HandbookCsv : InputFormat.NativeCsv);
        TransactionField[] fields = [.. columns.Select(column => column.Kind == CsvColumnKind.None ? TransactionField.None : FieldOf(column.Name))];
        TransactionField[] required =
        [
            TransactionField.TransactionId, TransactionField.AccountId, .. areLabels ? (TransactionField[])[] : [TransactionField.Timestamp, TransactionField.Amount],
        ];
        if (required.FirstOrDefault(field => !fields.Contains(field)) is var missing && missing != TransactionField.None)
        {
            throw FeedException.Usage($"{file}: its header names no column for {TransactionFieldText.NameOf(missing)}.");
        }

        var fraud = Array.IndexOf(names, isHandbook ? "TX_FRAUD" : LabelText.Field);
        return areLabels && fraud < 0
            ? throw FeedException.Usage($"{file}: its header names no column for {LabelText.Field}.")
            : new CsvShape(file, isHandbook, fields, fraud);
    }

    private static TransactionField FieldOf(string name)
    {
        var field = TransactionField.TransactionId;
        while (TransactionFieldText.NameOf(field) != name)
        {
            field++;
        }

        return field;
    }
}
