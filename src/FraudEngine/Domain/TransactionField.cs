namespace FraudEngine.Domain;

/// <summary>The fields of a transaction. The texts come first and their values index <see cref="Transaction.Text"/>.</summary>
public enum TransactionField
{
    None,
    TransactionId,
    AccountId,
    MerchantId,
    TerminalId,
    DeviceId,
    CounterpartyId,
    IpAddress,
    Currency,
    Country,
    MerchantCategory,
    Channel,
    Timestamp,
    Amount,
    Latitude,
    Longitude,
}
