using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Amounts by currency, sorted by its code, none of them zero; equal where the amounts are.</summary>
[JsonConverter(typeof(SpendingJson))]
internal sealed class Spending : IReadOnlyList<Money>, IEquatable<Spending>
{
    private readonly ImmutableArray<Money> amounts;

    private Spending(ImmutableArray<Money> amounts) => this.amounts = amounts;

    public static Spending None { get; } = new([]);

    public int Count => amounts.Length;

    public Money this[int index] => amounts[index];

    /// <summary>The amounts as they were kept, in the order in which they were kept.</summary>
    public static Spending Of(IEnumerable<Money> kept) => new([.. kept]);

    public Spending Plus(string currency, decimal amount)
    {
        var index = 0;
        while (index < amounts.Length && string.CompareOrdinal(amounts[index].Currency, currency) < 0)
            index++;

        var isThere = index < amounts.Length && amounts[index].Currency == currency;
        var sum = isThere ? amounts[index].Amount + amount : amount;
        return new Spending((isThere, sum) switch
        {
            (true, 0) => amounts.RemoveAt(index),
            (true, _) => amounts.SetItem(index, new Money(currency, sum)),
            (false, 0) => amounts,
            (false, _) => amounts.Insert(index, new Money(currency, sum)),
        });
    }

    public Spending Minus(string currency, decimal amount) => Plus(currency, -amount);

    public bool Equals(Spending? other) => other is not null && amounts.AsSpan().SequenceEqual(other.amounts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Spending);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var money in amounts)
            hash.Add(money);
        return hash.ToHashCode();
    }

    public IEnumerator<Money> GetEnumerator() => ((IEnumerable<Money>)amounts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Spending as it stands in the column <c>spent</c>: <c>[{"currency":"EUR","amount":12.50}]</c>.</summary>
internal sealed class SpendingJson : JsonConverter<Spending>
{
    public override Spending Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Spending.Of(JsonSerializer.Deserialize(ref reader, SummariesJson.Web.MoneyArray)!);

    public override void Write(Utf8JsonWriter writer, Spending value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], SummariesJson.Web.MoneyArray);
}

/// <summary>How the amounts of a summary are kept.</summary>
[JsonSerializable(typeof(Money[]))]
[JsonSerializable(typeof(Spending))]
internal sealed partial class SummariesJson : JsonSerializerContext
{
    public static SummariesJson Web { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
}
