using System.Runtime.InteropServices;
using FraudEngine.Actors;
using FraudEngine.Domain;

namespace FraudEngine.Engine;

/// <summary>Sends out answers and alerts of durable batches, in the order of commits, so that the journal's thread can go on to the next commit.</summary>
internal sealed class ReleaseLoop(IDispatcher dispatcher, Admission admission, AlertRaised alertRaised) : EventLoop<ShardBatch>(dispatcher, BatchesPerTurnMax)
{
    private const int BatchesPerTurnMax = 256;

    /// <summary>Called after answers went out; must be quick and must not throw.</summary>
    public Action? Released { get; set; }

    protected override void RunTurn(ReadOnlySpan<ShardBatch> messages)
    {
        foreach (var batch in messages)
        {
            var transactions = 0;
            foreach (var answer in CollectionsMarshal.AsSpan(batch.Answers))
            {
                if (answer is TransactionEnvelope envelope)
                {
                    transactions++;
                    if (envelope.AppendIndex >= 0 && envelope.Decision.RaisesAlert)
                    {
                        alertRaised(batch.Positions[envelope.AppendIndex], envelope.Transaction, envelope.Decision);
                    }
                }

                answer.Release();
            }

            batch.IsReleased = true;
            admission.Leave(transactions);
        }

        Released?.Invoke();
    }
}
