using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>Something that a shard does between its requests; it says when it is done.</summary>
internal abstract class ShardTask : ShardMessage
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>Brings all entities under window plans that contain those of the rules in force, so that other rules can come into force.</summary>
internal sealed class FillWindows(WindowPlans plans) : ShardTask
{
    public WindowPlans Plans { get; } = plans;

    /// <summary>The accounts' own.</summary>
    public WindowPlan Plan => Plans[EntityKind.Account];
}

/// <summary>From the next request on these rules decide. The shard's window plan must contain theirs.</summary>
internal sealed class PutInForce(RulesInForce rules) : ShardTask
{
    public RulesInForce Rules { get; } = rules;
}

/// <summary>The shard is this node's from now on.</summary>
internal sealed class TakeOver : ShardTask;

/// <summary>The shard is this node's no longer.</summary>
/// <param name="isLost">Whether nothing can be stored any more; else what was handled still is.</param>
internal sealed class HandOver(bool isLost) : ShardTask
{
    public bool IsLost { get; } = isLost;
}

/// <summary>A shard's last batch is out.</summary>
internal sealed class ShardLeft : ShardMessage
{
    public static ShardLeft Message { get; } = new();
}

/// <summary>All requests that were forwarded, when the shard was not this node's, are answered.</summary>
internal sealed class ForwardedAnswered : ShardMessage
{
    public static ForwardedAnswered Message { get; } = new();
}

/// <summary>A shard's message to itself: there are more windows to fill.</summary>
internal sealed class ContinueFilling : ShardMessage
{
    public static ContinueFilling Message { get; } = new();
}
