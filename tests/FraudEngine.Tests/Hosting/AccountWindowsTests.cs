using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FraudEngine.Hosting;

namespace FraudEngine.Tests.Hosting;

/// <summary>The windows that the engine shows of an account equal a recount of the file that was replayed.</summary>
[Collection(Alone.Name)]
public sealed class AccountWindowsTests : IDisposable
{
    private const int Sampled = 100;
    private readonly TemporaryFolder _folder = new();

    [HandbookFact]
    public async Task Windows_of_100_accounts_equal_a_brute_force_recount_over_the_handbook_s_April()
    {
        var payments = ReadHandbook();
        await using var host = await EngineHost.OpenAsync(
            ["--urls=http://127.0.0.1:0", $"--Storage:ConnectionString={_folder.PathOf("data")}", $"--Rules:Path={Path.Combine(Repository.Root, "config", "rules.yaml")}"]);
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        await FeedAsync(client, payments);

        var random = new Random(42);
        var accounts = payments.Select(payment => payment.Account).Distinct().Order(StringComparer.Ordinal).OrderBy(_ => random.Next()).Take(Sampled).ToList();
        var compared = 0;
        foreach (var account in accounts)
        {
            var own = payments.Where(payment => payment.Account == account).ToList();

            // As of its newest payment, and of one in the middle of the last day (what is older than the horizon is no longer kept).
            compared += await CompareAsync(client, own, own[^1].At, "");
            compared += await CompareAsync(client, own, own[^1].At.AddHours(-5), $"?at={own[^1].At.AddHours(-5):yyyy-MM-ddTHH:mm:ssZ}");
        }

        Assert.True(compared > Sampled * 2 * 15, $"Only {compared} windows were compared.");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<int> CompareAsync(HttpClient client, List<HandbookPayment> own, DateTime asOf, string query)
    {
        using var view = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/v1/accounts/{own[0].Account}{query}", UriKind.Relative)));
        var compared = 0;
        foreach (var window in view.RootElement.GetProperty("windows").EnumerateArray())
        {
            var expression = window.GetProperty("expression").GetString()!;
            var from = asOf - LengthOf(window.GetProperty("length").GetString()!);
            var inside = own.Where(payment => payment.At > from && payment.At <= asOf).ToList();
            var expected = Recount(window.GetProperty("function").GetString()!, window.GetProperty("field").GetString(), inside);
            var shown = window.GetProperty("value");
            var actual = shown.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => shown.GetString(),
                _ => Math.Round(shown.GetDecimal(), 6).ToString("0.######", CultureInfo.InvariantCulture),
            };
            Assert.True(expected == actual, $"{expression} of account {own[0].Account} as of {asOf:s} is {actual}, but the recount says {expected}.");
            compared++;
        }

        return compared;
    }

    /// <summary>Null where the window has no value.</summary>
    private static string? Recount(string function, string? field, List<HandbookPayment> inside)
    {
        var amounts = inside.ConvertAll(payment => payment.Amount);
        decimal? number = function switch
        {
            "count" => inside.Count,
            "sum" => amounts.Sum(),
            "avg" => amounts.Count == 0 ? null : Math.Round(amounts.Average(), 6),
            "min" => amounts.Count == 0 ? null : amounts.Min(),
            "max" => amounts.Count == 0 ? null : amounts.Max(),
            "stddev" => SampleDeviation(amounts),
            "distinct" => field == "terminalId" ? inside.Select(payment => payment.Terminal).Distinct().Count() : field == "currency" && inside.Count > 0 ? 1 : 0,
            _ => null,
        };
        return function == "last" && inside.Count > 0
            ? field switch { "terminalId" => inside[^1].Terminal, "currency" => "EUR", _ => null }
            : number?.ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>Rounded down to 6 decimals, as the engine gives it.</summary>
    private static decimal SampleDeviation(List<decimal> amounts)
    {
        if (amounts.Count < 2)
        {
            return 0;
        }

        var mean = amounts.Average();
        var variance = amounts.Sum(amount => (amount - mean) * (amount - mean)) / (amounts.Count - 1);
        var root = (decimal)Math.Sqrt((double)variance);
        for (var i = 0; i < 5 && root > 0; i++)
        {
            root = (root + (variance / root)) / 2;
        }

        return Math.Floor(root * 1_000_000) / 1_000_000;
    }

    private static TimeSpan LengthOf(string duration)
    {
        var number = int.Parse(duration[..^1], CultureInfo.InvariantCulture);
        return duration[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    private static async Task FeedAsync(HttpClient client, List<HandbookPayment> payments)
    {
        var lines = new StringBuilder();
        foreach (var payment in payments)
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"transactionId":"{{payment.Id}}","accountId":"{{payment.Account}}","terminalId":"{{payment.Terminal}}","timestamp":"{{payment.At:yyyy-MM-ddTHH:mm:ssZ}}","amount":{{payment.Amount}}}""").Append('\n');
        }

        using var body = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var response = await client.PostAsync(new Uri("/v1/transactions", UriKind.Relative), body);
        var answers = (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        Assert.Equal(payments.Count, answers.Length);
        Assert.All(answers, answer => Assert.Contains("\"outcome\"", answer, StringComparison.Ordinal));
    }

    private static List<HandbookPayment> ReadHandbook()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.HandbookApril!), CompressionMode.Decompress));
        reader.ReadLine();
        var payments = new List<HandbookPayment>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            payments.Add(new HandbookPayment(
                cells[0], cells[2], cells[3], DateTime.Parse(cells[1], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), decimal.Parse(cells[4], CultureInfo.InvariantCulture)));
        }

        return payments;
    }

    private sealed record HandbookPayment(string Id, string Account, string Terminal, DateTime At, decimal Amount);
}
