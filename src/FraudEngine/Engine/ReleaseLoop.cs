using System.Runtime.InteropServices;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine;

/// <summary>Sends out answers and alerts of durable batches, in the order of commits, so that the journal's thread can go on to the next commit.</summary>
internal sealed class ReleaseLoop(IDispatcher dispatcher, Admission admission, UpdateRouter updates, AlertRaised alertRaised) : EventLoop<ShardBatch>(dispatcher, BatchesPerTurnMax)
{
    private const int BatchesPerTurnMax = 256;

    /// <summary>Called after answers went out; must be quick and must not throw.</summary>
    public Action? Released { get; set; }

    protected override void RunTurn(ReadOnlySpan<ShardBatch> messages)
    {
        // Entities hear of it first: see UpdateRouter.
        updates.Begin();
        foreach (var batch in messages)
        {
            foreach (var answer in CollectionsMarshal.AsSpan(batch.Answers))
            {
                updates.Add(batch, answer);
            }
        }

        updates.Flush();
        foreach (var batch in messages)
        {
            var admitted = 0;
            foreach (var answer in CollectionsMarshal.AsSpan(batch.Answers))
            {
                admitted += answer.IsAdmitted ? 1 : 0;
                if (answer is TransactionEnvelope { AppendIndex: >= 0, Decision.RaisesAlert: true } envelope)
                {
                    alertRaised(batch.Positions[envelope.AppendIndex], envelope.Transaction, envelope.Decision);
                }

                answer.Release();
            }

            batch.IsReleased = true;
            admission.Leave(admitted);
        }

        Released?.Invoke();
    }
}
