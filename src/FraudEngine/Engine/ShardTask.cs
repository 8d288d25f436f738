using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>Something that a shard does between its requests; it says when it is done.</summary>
internal abstract class ShardTask : AccountMessage
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>Brings all accounts under a window plan that contains the one of the rules in force, so that other rules can come into force.</summary>
internal sealed class FillWindows(WindowPlan plan) : ShardTask
{
    public WindowPlan Plan { get; } = plan;
}

/// <summary>From the next request on these rules decide. The shard's window plan must contain theirs.</summary>
internal sealed class PutInForce(RulesInForce rules) : ShardTask
{
    public RulesInForce Rules { get; } = rules;
}

/// <summary>A shard's message to itself: there are more windows to fill.</summary>
internal sealed class ContinueFilling : AccountMessage
{
    public static ContinueFilling Message { get; } = new();
}
