using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>Finds where in the outbox a client wants to go on.</summary>
internal static class AlertPosition
{
    /// <summary>The position of the alert with that id; null where there is none. <c>0</c> stands for the beginning.</summary>
    public static async ValueTask<long?> FindAsync(IJournal journal, string id) =>
        id == "0" ? 0
        : AlertId.TryParse(id, out var alertId) ? await journal.FindAlertAsync(alertId)
        : null;
}
