using System.Diagnostics.CodeAnalysis;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Application;

/// <summary>
/// The outcome of a command: a value, an error, or the stored response of an earlier request with the same idempotency key.
/// </summary>
/// <typeparam name="T">The value of a success.</typeparam>
public readonly struct CommandOutcome<T>
{
    private readonly Result<T> result;

    private CommandOutcome(Result<T> result, StoredResponse? replayed)
    {
        this.result = result;
        Replayed = replayed;
    }

    /// <summary>The stored response of an earlier request with the same key; null if the command was executed or refused.</summary>
    public StoredResponse? Replayed { get; }

    /// <summary>The error; null for a success and for a replay.</summary>
    public Error? Error => result.Error;

    /// <summary>The handler's value, or the error of validation, handler or commit.</summary>
    /// <exception cref="InvalidOperationException">The outcome is a replay, which has a stored response instead.</exception>
    public Result<T> Result =>
        Replayed is null ? result : throw new InvalidOperationException("A replay has a stored response, not a value.");

    internal static CommandOutcome<T> Replay(StoredResponse response) => new(default, response);

    /// <summary>Creates the outcome of a command that was executed or refused.</summary>
    /// <param name="result">The handler's result.</param>
    [SuppressMessage(
        "Usage", "CA2225",
        Justification = "The pipeline returns a result, an error or a replay; there is no other way to create an outcome.")]
    public static implicit operator CommandOutcome<T>(Result<T> result) => new(result, null);

    /// <summary>Creates the outcome of a command that was refused.</summary>
    /// <param name="error">The error.</param>
    [SuppressMessage(
        "Usage", "CA2225",
        Justification = "The pipeline returns a result, an error or a replay; there is no other way to create an outcome.")]
    public static implicit operator CommandOutcome<T>(Error error) => new(error, null);
}
