using System.Text;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>Reads the alerts of a message again whose content was not kept in memory.</summary>
internal static class LaneContent
{
    private const int PageMin = 16;

    /// <summary>What there is, in the order of the message: an alert that the journal has dropped since (its retention) is missing.</summary>
    public static async Task<IReadOnlyList<StoredAlert>> ReadAsync(IJournal journal, LaneMessage message)
    {
        var missing = message.Items.Where(static item => item.Content is null).Select(static item => item.Position).ToHashSet();
        if (missing.Count == 0)
        {
            return [.. message.Items.Select(static item => item.Content!)];
        }

        var found = message.Items.Where(static item => item.Content is not null).ToDictionary(static item => item.Position, static item => item.Content!);
        var account = Encoding.UTF8.GetBytes(message.Lane.Account);
        var last = missing.Max();
        var after = missing.Min() - 1;
        var max = Math.Max(PageMin, missing.Count);
        IReadOnlyList<StoredAlert> page;
        do
        {
            // The account may have alerts between them that are not for this channel.
            page = await journal.ReadAlertsAsync(account, after, max);
            foreach (var alert in page.Where(alert => missing.Contains(alert.Position)))
            {
                found[alert.Position] = alert;
            }

            after = page.Count > 0 ? page[^1].Position : last;
        }
        while (page.Count == max && after < last);

        await journal.KnowAsync(found.Values.Select(static alert => alert.Decision));
        return [.. message.Items.Select(item => found.GetValueOrDefault(item.Position)).OfType<StoredAlert>()];
    }
}
