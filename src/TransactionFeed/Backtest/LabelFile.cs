using System.Text;
using FraudEngine.Trials;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace TransactionFeed.Backtest;

/// <summary>
/// Reads labels: CSV with the columns transactionId, accountId and fraud, or NDJSON with fields of the same names, as <c>POST /v1/labels</c> takes them; plain or .gz.
/// </summary>
internal static class LabelFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Throws, with a line for the user, where a line is no label.</summary>
    public static LabelBook Read(string path, CancellationToken stop)
    {
        var book = new LabelBook();
        using var reader = new BlockReader([path], InputFormat.None, static _ => 0, long.MaxValue, areLabels: true);
        var block = new RowBlock(BlockBytes, partitions: 1);
        var cells = new CsvCells();
        while (reader.Fill(block))
        {
            stop.ThrowIfCancellationRequested();
            for (var row = 0; row < block.Count; row++)
            {
                var transactionId = TransactionId(block, row, cells);
                if (transactionId.IsEmpty || block.Account(row).IsEmpty || block.Label(row) == Label.None)
                {
                    throw FeedException.Failed($"{path}: label {block.FirstNumber + row} must have a transactionId, an accountId and fraud.");
                }

                book.Set(block.Account(row), transactionId, block.Label(row));
            }
        }

        return book;
    }

    private static ReadOnlySpan<byte> TransactionId(RowBlock block, int row, CsvCells cells)
    {
        if (block.Shape is not { } shape)
        {
            return Encoding.UTF8.GetBytes(NativeJsonSource.Peek(block.Line(row), withEventTime: false).TransactionId);
        }

        cells.Split(block.LineMemory(row));
        return shape.TransactionId < cells.Count ? cells[shape.TransactionId] : [];
    }
}
