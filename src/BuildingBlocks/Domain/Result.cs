using System.Diagnostics.CodeAnalysis;

namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// The result of a use case: a value or an <see cref="Domain.Error"/>. Exceptions are for bugs and broken infrastructure.
/// </summary>
/// <typeparam name="T">The value of a success.</typeparam>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>The error; null for a success.</summary>
    public Error? Error { get; }

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">The result is an error.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Slug}.");

    /// <summary>Gets the value or the error.</summary>
    /// <param name="result">The value of a success.</param>
    /// <param name="error">The error; null for a success.</param>
    /// <returns>Whether the result is a success.</returns>
    public bool TryGet([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Error? error)
    {
        result = value;
        error = Error;
        return error is null;
    }

    /// <summary>Creates a success.</summary>
    /// <param name="value">Its value.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "A handler returns a value or an error; there is no other way to create a result.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>Creates a failure.</summary>
    /// <param name="error">The error.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "A handler returns a value or an error; there is no other way to create a result.")]
    public static implicit operator Result<T>(Error error) => new(default, error);
}
