namespace FraudEngine.Engine.Changes;

/// <summary>Changes an account.</summary>
internal sealed class ChangeRequest(byte[] accountId, AccountOrder order) : AccountUpdate<ChangeResult>(accountId, ChangeResult.Unavailable)
{
    public AccountOrder Order { get; } = order;
}
