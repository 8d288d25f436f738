using System.Buffers;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Engine.Visiting;

/// <summary>Makes an entity's state from what the journal has of it, brings it up to date with what is committed, and makes snapshots of it.</summary>
/// <param name="memory">Where the histories are kept.</param>
/// <param name="seed">Of the ids by which labels find transactions.</param>
internal sealed class EntityRebuilding(HistoryMemory memory, ulong seed)
{
    private readonly EntryReplay _replay = new(seed);
    private readonly ArrayBufferWriter<byte> _snapshot = new();

    /// <summary>The state after the last row; null where the snapshot doesn't serve the plan. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public EntityState? Rebuild(EntityRecovery recovery, WindowPlan plan)
    {
        var state = recovery.Snapshot.Length == 0 ? new EntityState(plan, memory) : EntityState.ReadFrom(recovery.Snapshot, plan, memory);
        try
        {
            foreach (var row in state is null ? [] : recovery.Rows)
            {
                if (row.Position > recovery.SnapshotPosition)
                {
                    Evolve(state!, row.AccountId, row.Bytes, row.Position);
                }
            }

            return state;
        }
        catch (InvalidDataException)
        {
            state!.History.Release();
            throw;
        }
    }

    /// <summary>Takes in a committed entry that the state does not have.</summary>
    public void Evolve(EntityState state, ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> entry, long position)
    {
        _replay.Read(accountId, sequence: 0, entry, isWhole: false);
        _replay.EvolveOn(state, position);
    }

    public byte[] Snapshot(EntityState state)
    {
        _snapshot.ResetWrittenCount();
        state.WriteTo(_snapshot);
        return _snapshot.WrittenSpan.ToArray();
    }
}
