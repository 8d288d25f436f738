using System.Text.Json;

namespace TransactionFeed.Input;

/// <summary>What becomes of a CSV column: the contract's field that it fills.</summary>
internal readonly record struct CsvColumn(string Name, CsvColumnKind Kind)
{
    /// <summary>The field's name, encoded once.</summary>
    public JsonEncodedText Encoded { get; } = JsonEncodedText.Encode(Name);

    /// <summary>The columns of a header. Unknown ones are left out, and so is what the handbook's file tells about fraud.</summary>
    public static CsvColumn[] Of(IReadOnlyList<string> header, InputFormat format) =>
        [.. header.Select(name => Native(format == InputFormat.HandbookCsv ? FieldOfHandbook(name.Trim()) : name.Trim()))];

    private static string FieldOfHandbook(string name) => name switch
    {
        "TRANSACTION_ID" => "transactionId",
        "TX_DATETIME" => "timestamp",
        "CUSTOMER_ID" => "accountId",
        "TERMINAL_ID" => "terminalId",
        "TX_AMOUNT" => "amount",
        _ => "",
    };

    private static CsvColumn Native(string name) => new(name, name switch
    {
        "transactionId" => CsvColumnKind.TransactionId,
        "accountId" => CsvColumnKind.AccountId,
        "timestamp" => CsvColumnKind.Timestamp,
        "amount" or "latitude" or "longitude" => CsvColumnKind.Number,
        "currency" or "merchantId" or "terminalId" or "deviceId" or "counterpartyId" or "merchantCategory" or "country" or "channel" or "ipAddress"
            => CsvColumnKind.Text,
        _ => CsvColumnKind.None,
    });
}
