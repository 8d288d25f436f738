using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaymentSimulator;

namespace FraudEngine.Tests.PaymentSimulator;

public partial class PaymentJsonTests
{
    private static readonly string[] Required = ["transactionId", "accountId", "timestamp", "amount"];

    [Fact]
    public void Every_line_is_a_transaction_by_the_contract()
    {
        var simulator = new Simulator(new SimulationSettings { Customers = 300, Terminals = 300, FraudShare = 0.2 });
        var channels = new HashSet<string>();
        var line = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 20_000; i++)
        {
            line.ResetWrittenCount();
            PaymentJson.Write(simulator.Next(), line);
            Assert.InRange(line.WrittenCount, 1, PaymentJson.LineBytesMax);
            Assert.Equal(line.WrittenCount - 1, line.WrittenSpan.IndexOf((byte)'\n'));
            using var json = JsonDocument.Parse(line.WrittenMemory);
            var fields = json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
            Assert.All(Required, name => Assert.Contains(name, fields.Keys));
            Assert.All(fields, field => AssertValid(field.Key, field.Value));
            channels.Add(fields["channel"].GetString()!);
        }

        Assert.Equal(["atm", "online", "pos", "transfer"], channels.Order());
    }

    [Fact]
    public void A_payment_is_written_field_by_field()
    {
        var payment = new SimulatedPayment
        {
            Number = 12,
            IdPrefix = "s1",
            AccountId = "A1",
            TimestampTicks = new DateTime(2026, 1, 31, 23, 59, 1, 5, DateTimeKind.Utc).Ticks,
            AmountCents = 105,
            Currency = "EUR",
            Channel = PaymentChannel.Pos,
            Country = "BE",
            MerchantId = "M1",
            TerminalId = "T1",
            MerchantCategory = "5411",
            IpAddress = 0x0A01FF02,
            HasPosition = true,
            LatitudeE4 = -5,
            LongitudeE4 = 1234567,
            Scenario = FraudScenario.HighAmount,
        };
        var line = new ArrayBufferWriter<byte>();

        PaymentJson.Write(payment, line);

        Assert.Equal(
            """{"transactionId":"s1-12","accountId":"A1","timestamp":"2026-01-31T23:59:01.005Z","amount":1.05,"currency":"EUR","channel":"pos","country":"BE","merchantId":"M1","terminalId":"T1","merchantCategory":"5411","ipAddress":"10.1.255.2","latitude":-0.0005,"longitude":123.4567}""" + "\n",
            System.Text.Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void AssertValid(string field, JsonElement value)
    {
        switch (field)
        {
            case "transactionId" or "accountId" or "merchantId" or "terminalId" or "deviceId" or "counterpartyId":
                Assert.Matches(Id(), value.GetString());
                break;
            case "timestamp":
                Assert.True(DateTimeOffset.TryParseExact(
                    value.GetString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));
                break;
            case "amount":
                Assert.Matches(Amount(), value.GetRawText());
                break;
            case "currency":
                Assert.Matches("^[A-Z]{3}$", value.GetString());
                break;
            case "country":
                Assert.Matches("^[A-Z]{2}$", value.GetString());
                break;
            case "merchantCategory":
                Assert.Matches("^[0-9]{4}$", value.GetString());
                break;
            case "channel":
                Assert.Matches("^(pos|online|atm|transfer)$", value.GetString());
                break;
            case "ipAddress":
                Assert.True(IPAddress.TryParse(value.GetString(), out _));
                break;
            case "latitude":
                Assert.InRange(value.GetDouble(), -90, 90);
                break;
            case "longitude":
                Assert.InRange(value.GetDouble(), -180, 180);
                break;
            default:
                Assert.Fail($"The contract has no field {field}.");
                break;
        }
    }

    [GeneratedRegex("^[ -~]{1,64}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^(0|[1-9]\d{0,11})(\.\d{1,4})?$")]
    private static partial Regex Amount();
}
