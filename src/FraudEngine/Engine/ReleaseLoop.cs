using System.Runtime.InteropServices;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine;

/// <summary>
/// Sends out answers and alerts of durable batches, in the order of commits, so that the journal's thread can go on to the next commit. Answers from other
/// nodes come as batches that were never with the journal.
/// </summary>
/// <param name="updates">Null where entities follow the journal by themselves.</param>
internal sealed class ReleaseLoop(IDispatcher dispatcher, Admission admission, UpdateRouter? updates, AlertRaised alertRaised) : EventLoop<ShardBatch>(dispatcher, BatchesPerTurnMax)
{
    private const int BatchesPerTurnMax = 256;

    /// <summary>Called after answers went out; must be quick and must not throw.</summary>
    public Action? Released { get; set; }

    protected override void RunTurn(ReadOnlySpan<ShardBatch> messages)
    {
        if (updates is not null)
        {
            Update(updates, messages);
        }

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

                answer.GiveOut();
            }

            // Once it is released, the shard may fill it again.
            var leaving = batch.LastOf;
            batch.IsReleased = true;
            admission.Leave(admitted);
            leaving?.Tell(ShardLeft.Message);
        }

        Released?.Invoke();
    }

    /// <summary>Entities hear of it first: see <see cref="UpdateRouter"/>.</summary>
    private static void Update(UpdateRouter updates, ReadOnlySpan<ShardBatch> batches)
    {
        updates.Begin();
        foreach (var batch in batches)
        {
            foreach (var answer in CollectionsMarshal.AsSpan(batch.Answers))
            {
                updates.Add(batch, answer);
            }
        }

        updates.Flush();
    }
}
