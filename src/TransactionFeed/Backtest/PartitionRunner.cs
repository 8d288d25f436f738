using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Trials;
using TransactionFeed.Replay;

namespace TransactionFeed.Backtest;

/// <summary>
/// Does one partition's rows of each block: account by account, each account's rows in order; or, where accounts see each other through entities, all rows in
/// order. One thread at a time.
/// </summary>
internal sealed class PartitionRunner(TrialSettings settings, int index, LabelBook? labels, bool withAnswers)
{
    private readonly RowParser _parser = new();
    private readonly RowGroups _groups = new();
    private readonly DecisionKinds _kinds = new(settings.Candidate, settings.Model?.Features);

    public TrialPartition Partition { get; } = new(settings);

    public void Run(RowBlock block)
    {
        var answers = block.Answers[index];
        answers.Clear();
        _groups.Clear(block.Count);
        foreach (var row in block.RowsOf[index])
        {
            var id = block.Account(row);
            if (id.IsEmpty)
            {
                _parser.TryRead(block, row, Partition.Transaction);
                Refuse(block, row, answers);
            }
            else if (settings.IsInOrder)
            {
                Run(block, row, Partition.AccountOf(id), answers);
            }
            else
            {
                _groups.Add(Partition.AccountOf(id), row);
            }
        }

        foreach (var account in _groups.Accounts)
        {
            for (var row = RowGroups.First(account); row != RowGroups.End; row = _groups.Next(row))
            {
                Run(block, row, account, answers);
            }
        }
    }

    private void Run(RowBlock block, int row, TrialAccount account, RowAnswers answers)
    {
        if (!_parser.TryRead(block, row, Partition.Transaction))
        {
            Refuse(block, row, answers);
            return;
        }

        var label = block.Label(row);
        if (label == Label.None && labels is not null)
        {
            label = labels.Find(account.Id, Partition.Transaction.TransactionId);
        }

        var result = Partition.Try(account, block.FirstNumber + row, label);
        if (withAnswers && result != TrialResult.Filled)
        {
            answers.Begin(row);
            Answer(result, account, answers.Bytes);
        }
    }

    private void Refuse(RowBlock block, int row, RowAnswers answers)
    {
        Partition.CountInvalid();
        if (withAnswers)
        {
            var (transactionId, accountId) = _parser.Ids(block, row);
            answers.Begin(row);
            answers.Bytes.Write(DecisionCsv.Row(transactionId, accountId, "", "", "", "", "", _parser.Problem));
        }
    }

    private void Answer(TrialResult result, TrialAccount account, ArrayBufferWriter<byte> output)
    {
        DecisionCsv.WriteField(output, Partition.Transaction.TransactionId);
        output.Write(","u8);
        DecisionCsv.WriteField(output, account.Id);
        switch (result)
        {
            case TrialResult.Decided:
                var number = _kinds.NumberOf(Partition.Decision);
                Partition.Remember(account, number);
                Answer(_kinds[number], output);
                break;
            case TrialResult.Resent:
                Answer(_kinds[Partition.Remembered], output);
                break;
            case TrialResult.IdReused:
                DecisionCsv.WriteError(output, ProblemTitles.IdReused);
                break;
            case TrialResult.TooLate:
                DecisionCsv.WriteError(output, ProblemTitles.TooLate);
                break;
            case TrialResult.Filled:
            case TrialResult.None:
                throw new InvalidOperationException("A trial did not say what became of a transaction.");
        }
    }

    private void Answer(DecisionKind kind, ArrayBufferWriter<byte> output)
    {
        output.Write(kind.Text);
        if (kind.RaisesAlert)
        {
            AlertId.Of(Partition.Transaction).Format(output.GetSpan(AlertId.TextBytes));
            output.Advance(AlertId.TextBytes);
        }

        output.Write(",\n"u8);
    }
}
