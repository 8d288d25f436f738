using System.Globalization;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace TransactionFeed.Evaluate;

/// <summary>Reads labels, data and decisions, in this order, into a <see cref="TransactionBook"/>.</summary>
internal sealed class BookReader(EvaluateSettings settings)
{
    private const int TransactionId = 0;
    private const int AccountId = 1;
    private const int Time = 2;
    private const int Fraud = 3;
    private const int Outcome = 2;
    private const int Score = 3;
    private const int Error = 4;
    private const int RowsPerLook = 4096;

    private static readonly string[] TransactionIdNames = ["transactionId", "TRANSACTION_ID"];
    private static readonly string[] AccountIdNames = ["accountId", "CUSTOMER_ID"];
    private static readonly string[][] TransactionFields = [TransactionIdNames, AccountIdNames, ["timestamp", "TX_DATETIME"], [FraudText.Native, FraudText.Handbook]];
    private static readonly string[][] DecisionFields = [TransactionIdNames, AccountIdNames, ["outcome"], ["score"], ["error"]];

    private long _bytesRead;
    private long _rows;

    public TransactionBook Book { get; } = new();

    public InputCounts Counts { get; } = new();

    /// <summary>Whether the decisions have outcomes, not only scores.</summary>
    public bool HasOutcomes { get; private set; }

    /// <summary>Readable from other threads, as is <see cref="Rows"/>.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Throws, with a line for the user, where a file can't be read or a label is none.</summary>
    public void Read(CancellationToken stop)
    {
        foreach (var path in settings.Labels)
        {
            ReadLabels(path, stop);
        }

        foreach (var path in settings.Data)
        {
            ReadData(path, stop);
        }

        ReadDecisions(stop);
    }

    private void ReadLabels(string path, CancellationToken stop)
    {
        using var file = Open(path, TransactionFields);
        file.Require(Fraud);
        while (Next(file, stop))
        {
            if (file[TransactionId].IsEmpty || file[AccountId].IsEmpty || !TryReadTruth(file[Fraud], out var truth))
            {
                throw FeedException.Failed($"{file.Place}: a label must have a transactionId, an accountId and fraud, which is 1, 0, true, false or nothing.");
            }

            ref var row = ref Book.At(Book.FindOrAdd(file[AccountId], file[TransactionId]));
            SetTime(ref row, file[Time]);
            if (truth != Truth.None)
            {
                Counts.Labels++;
                Counts.LabelsRepeated += row.Truth == Truth.None ? 0 : 1;
                row.Truth = truth;
            }
        }
    }

    private void ReadData(string path, CancellationToken stop)
    {
        using var file = Open(path, TransactionFields);
        file.Require(Time);
        while (Next(file, stop))
        {
            if (file[TransactionId].IsEmpty || file[AccountId].IsEmpty || !EventInstant.TryRead(file[Time], out var ticks))
            {
                Counts.DataUnreadable++;
                continue;
            }

            Book.At(Book.FindOrAdd(file[AccountId], file[TransactionId])).Ticks = ticks;
        }
    }

    private void ReadDecisions(CancellationToken stop)
    {
        using var file = Open(settings.Decisions, DecisionFields);
        file.Require(Score);
        HasOutcomes = file.Has(Outcome);
        while (Next(file, stop))
        {
            Counts.Decisions++;
            ReadDecision(file);
        }
    }

    private void ReadDecision(FieldFile file)
    {
        if (!file[Error].IsEmpty || (file[Outcome].IsEmpty && file[Score].IsEmpty))
        {
            Counts.Refused++;
        }
        else if (file[TransactionId].IsEmpty || file[AccountId].IsEmpty || !TryReadScore(file[Score], out var score)
            || !TryReadOutcome(file[Outcome], out var outcome) || (HasOutcomes && outcome == GivenOutcome.None))
        {
            Counts.Unreadable++;
        }
        else if (RowOf(file) is var row && row < 0)
        {
            Counts.Unknown++;
        }
        else
        {
            Take(ref Book.At(row), score, outcome);
        }
    }

    private void Take(ref BookRow row, double score, GivenOutcome outcome)
    {
        if (row.IsDecided)
        {
            Counts.Repeated++;
            Counts.RepeatedDifferently += row.Score == score && row.Outcome == outcome ? 0 : 1;
            return;
        }

        row.Score = score;
        row.Outcome = outcome;
        row.Truth = row.Truth == Truth.None && settings.IsLabelled ? Truth.Genuine : row.Truth;
        Counts.WithoutLabel += row.Truth == Truth.None ? 1 : 0;
    }

    private int RowOf(FieldFile file) =>
        settings.IsLabelled ? Book.FindOrAdd(file[AccountId], file[TransactionId]) : Book.Find(file[AccountId], file[TransactionId]);

    private FieldFile Open(string path, string[][] fields)
    {
        var file = new FieldFile(path, fields, count => Interlocked.Add(ref _bytesRead, count));
        file.Require(TransactionId);
        file.Require(AccountId);
        return file;
    }

    private bool Next(FieldFile file, CancellationToken stop)
    {
        if (_rows % RowsPerLook == 0)
        {
            stop.ThrowIfCancellationRequested();
        }

        if (!file.Read())
        {
            return false;
        }

        Volatile.Write(ref _rows, _rows + 1);
        return true;
    }

    private static void SetTime(ref BookRow row, ReadOnlySpan<byte> text)
    {
        if (EventInstant.TryRead(text, out var ticks))
        {
            row.Ticks = ticks;
        }
    }

    private static bool TryReadTruth(ReadOnlySpan<byte> text, out Truth truth)
    {
        var isRight = FraudText.TryRead(text, out var isFraud);
        truth = isFraud switch { null => Truth.None, true => Truth.Fraud, false => Truth.Genuine };
        return isRight;
    }

    private static bool TryReadScore(ReadOnlySpan<byte> text, out double score) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out score) && double.IsFinite(score);

    private static bool TryReadOutcome(ReadOnlySpan<byte> text, out GivenOutcome outcome)
    {
        outcome = text.SequenceEqual("approve"u8) ? GivenOutcome.Approve
            : text.SequenceEqual("review"u8) ? GivenOutcome.Review
            : text.SequenceEqual("decline"u8) ? GivenOutcome.Decline
            : GivenOutcome.None;
        return outcome != GivenOutcome.None || text.IsEmpty;
    }
}
