using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application;

/// <summary>The fields of the order index.</summary>
internal static class OrderFields
{
    /// <summary>The customer's id.</summary>
    public const string Customer = "customer";

    private const string Items = "items";
    private const string Words = "words";

    public static SearchFields Search { get; } = new(Words, Items, Whole: null);

    public static TextFields<OrderRow> Text { get; } = new()
    {
        [Items] = row => FieldText.Of([.. row.Items.Select(item => item.Name)]),
        [Words] = row => FieldText.Of(
            [.. row.Items.Select(item => item.Name), .. row.Items.Select(item => item.ProductId), row.City, row.Country, row.Status]),
        [Customer] = row => row.CustomerId.ToString(),
    };
}
