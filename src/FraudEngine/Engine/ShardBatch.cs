using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>One turn's work of an account shard: what is to be stored, and the answers that go out once it is.</summary>
internal sealed class ShardBatch : JournalBatch
{
    private volatile bool _isReleased;

    /// <summary>In the order of their requests.</summary>
    public List<AccountRequest> Answers { get; } = new(64);

    /// <summary>Whether the answers are out, so that the batch can be filled again.</summary>
    public bool IsReleased
    {
        get => _isReleased;
        set => _isReleased = value;
    }

    /// <summary>The shard, where it is the last batch before it is not this node's any more: it is told when everything is out.</summary>
    public EngineShard? LastOf { get; set; }

    public bool IsEmpty => Answers.Count == 0 && !HasWrites && Reads is null && PatientReads is null;

    public override void Clear()
    {
        base.Clear();
        Answers.Clear();
        LastOf = null;
        _isReleased = false;
    }
}
