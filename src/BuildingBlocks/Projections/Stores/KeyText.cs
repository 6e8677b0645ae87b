using System.Globalization;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Converts keys to text and back, for stores that address a row by text. A key is a <see cref="Guid"/>, a <see cref="TextKey"/>, an
/// <see cref="int"/> or a <see cref="long"/>.
/// </summary>
public static class KeyText
{
    /// <summary>The text of a key.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="key">The key.</param>
    public static string Of<TKey>(TKey key)
        where TKey : struct => key switch
    {
        Guid id => id.ToString("D"),
        TextKey text => text.Value,
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Unknown(typeof(TKey)),
    };

    /// <summary>The key of a text.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="text">The result of <see cref="Of"/>.</param>
    public static TKey Parse<TKey>(string text)
        where TKey : struct
    {
        if (typeof(TKey) == typeof(Guid))
            return (TKey)(object)Guid.ParseExact(text, "D");
        if (typeof(TKey) == typeof(TextKey))
            return (TKey)(object)TextKey.From(text);
        if (typeof(TKey) == typeof(int))
            return (TKey)(object)int.Parse(text, CultureInfo.InvariantCulture);
        if (typeof(TKey) == typeof(long))
            return (TKey)(object)long.Parse(text, CultureInfo.InvariantCulture);
        throw Unknown(typeof(TKey));
    }

    private static NotSupportedException Unknown(Type type) =>
        new($"A {type.Name} cannot be the key of a row in such a store: use a Guid, a TextKey, an int or a long.");
}
