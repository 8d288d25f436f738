using System.Buffers;
using System.Globalization;
using System.Text;
using PaymentSimulator;

namespace TransactionFeed.Simulate;

/// <summary>Simulated payments as native CSV, and what they are in truth as a CSV of its own.</summary>
internal static class PaymentCsv
{
    public const string Header =
        "transactionId,accountId,timestamp,amount,currency,channel,country,merchantId,terminalId,merchantCategory,deviceId,counterpartyId,ipAddress,latitude,longitude\n";

    public const string LabelHeader = "transactionId,accountId,fraud,scenario\n";

    private const int RowCharactersMax = 512;

    /// <summary>The simulator's texts need no quotes.</summary>
    public static void Write(in SimulatedPayment payment, IBufferWriter<byte> output)
    {
        var place = payment.HasPosition
            ? string.Create(CultureInfo.InvariantCulture, $"{payment.LatitudeE4 / 10_000m:F4},{payment.LongitudeE4 / 10_000m:F4}")
            : ",";
        var ip = payment.IpAddress;
        var address = ip == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ip >> 24}.{(ip >> 16) & 255}.{(ip >> 8) & 255}.{ip & 255}");
        Append(output, string.Create(
            CultureInfo.InvariantCulture,
            $"{payment.TransactionId},{payment.AccountId},{payment.Timestamp:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{payment.AmountCents / 100m:F2},{payment.Currency},{ChannelOf(payment)},{payment.Country},{payment.MerchantId},{payment.TerminalId},{payment.MerchantCategory},{payment.DeviceId},{payment.CounterpartyId},{address},{place}\n"));
    }

    public static void WriteLabel(in SimulatedPayment payment, IBufferWriter<byte> output) => Append(output, string.Create(
        CultureInfo.InvariantCulture, $"{payment.TransactionId},{payment.AccountId},{(payment.IsFraud ? 1 : 0)},{ScenarioText(payment.Scenario)}\n"));

    private static string ChannelOf(in SimulatedPayment payment) => Encoding.ASCII.GetString(PaymentChannelText.Utf8(payment.Channel));

    private static string ScenarioText(FraudScenario scenario) => scenario switch
    {
        FraudScenario.None => "",
        FraudScenario.HighAmount => "highAmount",
        FraudScenario.CompromisedTerminal => "compromisedTerminal",
        FraudScenario.StolenCredentials => "stolenCredentials",
    };

    private static void Append(IBufferWriter<byte> output, string row) => output.Advance(Encoding.ASCII.GetBytes(row, output.GetSpan(RowCharactersMax)));
}
